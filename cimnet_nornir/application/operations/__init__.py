"""What the facade can do, a module an area: each a class over `Core`, and `NetworkService` is all of them together."""
