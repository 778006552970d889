"""The plain matcher (对照实现): deferred acceptance as its definition reads, one person after another; the kernel must give its hash."""
