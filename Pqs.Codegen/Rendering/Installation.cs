namespace Pqs.Codegen.Rendering;

/// <summary>Where the tool's own files are: beside the executable, where the build copies them.</summary>
public static class Installation
{
    public static string TargetsFolder => Path.Combine(AppContext.BaseDirectory, "targets");

    public static string KernelsFolder => Path.Combine(AppContext.BaseDirectory, "templates", "kernels");

    public static string HarnessFolder => Path.Combine(AppContext.BaseDirectory, "templates", "harness");

    public static string Template(string name) => Path.Combine(AppContext.BaseDirectory, "templates", "model", name);

    public static string CSharpTemplate(string name) => Path.Combine(AppContext.BaseDirectory, "templates", "csharp", name);

    /// <summary>Version of the tool; part of what it generates.</summary>
    public static string Version { get; } = typeof(Installation).Assembly.GetName().Version!.ToString(3);
}
