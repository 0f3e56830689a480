"""How each format of image file is read. `bloodsmear.images.decode` is the way in."""
