"""How far polylaw reaches: whole processes, their time and memory, and how both grow."""
