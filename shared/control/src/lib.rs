//! The operations of the control plane, one file each.
