"""VideoGen: its messages (`wire`), its eras of names (`eras`), and tool inputs to messages and back (`codec`)."""
