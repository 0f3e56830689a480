"""The importer: networks that other programs saved, read as data and rebuilt from an allow-list of layers.

hdf5_scan, keras_zip_scan → network_config → layers, plain_ops → stored_weights → rebuild. Nothing in a file is ever
deserialised as code; the design's section 3 says why.
"""
