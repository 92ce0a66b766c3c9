"""crm: a customer-relationship manager for the terminal."""
