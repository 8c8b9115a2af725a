"""VideoGen: tools, files, voices and presenters of api.videogen.io."""
