using System.Collections.Concurrent;
using System.Collections.Immutable;
using NUnit.Framework;
using Pqs.Codegen.Emission;

namespace Pqs.Tests.Codegen;

/// <summary>The kernel library compiled for the host under sanitizers: an archive for each compiler and tier, built once for all tests.</summary>
[SetUpFixture]
public sealed class HostKernels
{
    private static readonly ConcurrentDictionary<(string Compiler, string Tier), Lazy<string>> Archives = new();

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

    /// <summary>Where the library's files are.</summary>
    internal static string SourceFolder => Folder.Value;

    /// <summary>Path of the compiled library.</summary>
    internal static string Archive(string compiler, KernelTier tier) => Archives.GetOrAdd(
        (compiler, tier.Name),
        key => new Lazy<string>(() =>
        {
            var folder = Directory.CreateDirectory(Path.Combine(SourceFolder, $"{key.Compiler}-{key.Tier}")).FullName;
            string[] names = [.. KernelLibrary.Files().Select(file => file.Name).Where(name => name.EndsWith(".c", StringComparison.Ordinal))];
            Parallel.ForEach(names, name => ToolCall.Succeed(folder, compiler, [.. Flags, .. tier.Flags, "-c", Path.Combine(SourceFolder, name)]));
            ToolCall.Succeed(folder, "ar", ["rcs", "kernels.a", .. names.Select(name => Path.ChangeExtension(name, ".o"))]);
            return Path.Combine(folder, "kernels.a");
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
