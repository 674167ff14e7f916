using System.Collections.Concurrent;
using System.Collections.Immutable;
using NUnit.Framework;
using Pqs.Codegen.Emission;

namespace Pqs.Tests.Codegen;

/// <summary>The kernel library compiled for the host under sanitizers: an object for each compiler and tier, built once for all tests.</summary>
[SetUpFixture]
public sealed class HostKernels
{
    private static readonly ConcurrentDictionary<(string Compiler, string Tier), Lazy<string>> Objects = new();

    private static readonly Lazy<string> Folder = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("pqs-kernels-").FullName;
        foreach (var file in KernelLibrary.Files())
        {
            File.WriteAllText(Path.Combine(folder, file.Name), file.Text);
        }

        return folder;
    });

    /// <summary>How tests compile for the host: quickly, and so that nothing undefined goes unnoticed.</summary>
    internal static ImmutableArray<string> Flags { get; } =
        ["-std=c99", "-O1", "-Wall", "-Wextra", "-Werror", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];

    /// <summary>Where pqs_kernels.h and pqs_kernels.c are.</summary>
    internal static string SourceFolder => Folder.Value;

    /// <summary>Path of the compiled library.</summary>
    internal static string Object(string compiler, KernelTier tier) => Objects.GetOrAdd(
        (compiler, tier.Name),
        key => new Lazy<string>(() =>
        {
            var path = Path.Combine(SourceFolder, $"{key.Compiler}-{key.Tier}.o");
            ToolCall.Succeed(SourceFolder, compiler, [.. Flags, .. tier.Flags, "-c", "-o", path, "pqs_kernels.c"]);
            return path;
        })).Value;

    [OneTimeTearDown]
    public void TearDown()
    {
        if (Folder.IsValueCreated)
        {
            Directory.Delete(Folder.Value, recursive: true);
        }
    }
}
