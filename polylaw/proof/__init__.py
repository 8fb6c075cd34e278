"""Laws with their proofs: certificates, the standalone checker, exports to readers and to proof kernels."""
