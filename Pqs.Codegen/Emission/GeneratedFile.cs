namespace Pqs.Codegen.Emission;

/// <summary>A file to be written: a name without folders, and its whole text with LF line ends.</summary>
public sealed record GeneratedFile(string Name, string Text);
