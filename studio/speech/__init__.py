"""Speech made on this machine: text in, a recording out. Pure of rows and requests; the heavy parts run in the limited child only."""
