"""The Windows installer."""
def made(): raise NotImplementedError
