"""What differs between images of IOS, as data: one table by platform, model and release."""
