namespace Pqs.Codegen.Toolchain;

/// <summary>A compiled source.</summary>
/// <param name="Source">Path of the C file.</param>
/// <param name="Name">Path of the object, relative to the build's output folder, with '/'.</param>
internal sealed record ObjectFile(string Source, string Name);
