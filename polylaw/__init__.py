"""polylaw"""
