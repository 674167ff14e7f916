using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Pqs.Codegen.Statistics;

/// <summary>Compiles an emitted network in memory.</summary>
internal static class NetworkCompiler
{
    /// <summary>This assembly, and of the platform's the core library with the facades by whose names this assembly knows it.</summary>
    private static readonly Lazy<PortableExecutableReference[]> References = new(Load);

    /// <returns>The assembly's bytes. A text that does not compile is a bug of the emitter.</returns>
    public static byte[] Compile(string source)
    {
        var compilation = CSharpCompilation.Create(
            "Network",
            [CSharpSyntaxTree.ParseText(source)],
            References.Value,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, deterministic: true));
        using var stream = new MemoryStream();
        var result = compilation.Emit(stream);
        return result.Success
            ? stream.ToArray()
            : throw new InvalidOperationException(
                "The emitted network does not compile: " + result.Diagnostics.First(d => d.Severity == DiagnosticSeverity.Error));
    }

    private static PortableExecutableReference[] Load()
    {
        var platform = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string[] facades = ["System.Runtime.dll", "System.Memory.dll", "System.Runtime.Intrinsics.dll"];
        return
        [
            MetadataReference.CreateFromFile(typeof(object).Assembly.Location),
            .. facades.Select(name => MetadataReference.CreateFromFile(Path.Combine(platform, name))),
            MetadataReference.CreateFromFile(typeof(NetworkCompiler).Assembly.Location),
        ];
    }
}
