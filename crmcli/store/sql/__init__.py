"""Named SQL, one file per noun. Constants that import nothing; a test prepares each of them."""
