using NUnit.Framework;

// Fixtures run beside one another: most wait for compilers and emulators, one at a time. Those that may not say so.
[assembly: Parallelizable(ParallelScope.Fixtures)]
