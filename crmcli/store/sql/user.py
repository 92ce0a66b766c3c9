"""SQL of app_user."""

BY_NAME = "SELECT id, name FROM app_user WHERE name = :name"
