"""What `make bench` runs: `python -m bench --scale 10k,100k`. docs/performance.md explains it."""
