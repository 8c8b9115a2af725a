"""The local renderer: values in, pixels out. It knows no rows, no requests and no network."""
