"""核对: does evidence still say what was signed, in a file in hand (`flask verify`) and in the house (`flask audit`)?"""
