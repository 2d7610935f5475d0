//! The program pullpush: the whole chain on one machine, and the command line.
