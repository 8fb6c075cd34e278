"""PyTorch modules: their laws, and tests of their gradients.  Needs `pip install polylaw[torch]`."""
