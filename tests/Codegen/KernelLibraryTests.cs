using System.Collections.Immutable;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Pqs.Codegen.Emission;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Codegen;

/// <summary>Which files of the kernel library a model gets.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed partial class KernelLibraryTests
{
    private static readonly ImmutableArray<GeneratedFile> Library = KernelLibrary.Files();

    [Test]
    public void A_model_has_the_files_that_its_calls_need_and_no_others()
    {
        Tools.Require("gcc");
        using var folder = new GeneratedFolder();
        var builder = new ModelBuilder();
        folder.Add(Graphs.Import(builder.Output(builder.Softmax(builder.AddInput([4], 1, 0)))), "m");

        string[] expected = ["pqs_internal.h", "pqs_kernels.h", "pqs_softmax.c"];
        Assert.That(Directory.EnumerateFiles(folder.Path, "pqs_*").Select(Path.GetFileName), Is.EquivalentTo(expected));
        folder.Write(
            "main.c",
            """
            #include "m.h"

            static int32_t arena[M_ARENA_SIZE / 4 + 1];
            static int8_t in[M_INPUT_0_SIZE], out[M_OUTPUT_0_SIZE];

            int main(void)
            {
                return (int)m_invoke(arena, in, out);
            }

            """);
        folder.Run("gcc", ["-std=c99", "-Wall", "-Werror", "-o", "program", .. folder.CFiles]);
        folder.Run(Path.Combine(folder.Path, "program"));
    }

    [Test]
    public void A_model_without_calls_has_the_interface_only()
    {
        Tools.Require("cmake", "ninja", "gcc");
        using var folder = new GeneratedFolder();
        var builder = new ModelBuilder();
        folder.Add(Graphs.Import(builder.Output(builder.Reshape(builder.AddInput([4], 1, 0), [2, 2]))), "m");

        Assert.That(Directory.EnumerateFiles(folder.Path, "pqs_*").Select(Path.GetFileName), Is.EqualTo(new[] { "pqs_kernels.h" }));
        folder.Run("cmake", "-G", "Ninja", "-S", ".", "-B", "build");
        folder.Run("cmake", "--build", "build");
    }

    /// <summary>Fails where a file of a function calls what is in none of the others.</summary>
    /// <param name="folder">Has objects of the whole library.</param>
    /// <param name="nameTool">Lists their symbols.</param>
    public static void CheckThatFilesLink(GeneratedFolder folder, string nameTool)
    {
        var objects = Library.Select(file => file.Name).Where(name => name.EndsWith(".c", StringComparison.Ordinal)).Select(name => Path.ChangeExtension(name, ".o"));
        var symbols = Symbol().Matches(folder.Run(nameTool, ["-A", .. objects])).ToLookup(match => match.Groups[1].Value + ".c");
        Assert.That(Functions(), Has.Length.GreaterThan(40));
        foreach (var function in Functions())
        {
            var linked = KernelLibrary.FilesOf([function]).SelectMany(file => symbols[file.Name]).ToArray();
            var defined = linked.Where(symbol => symbol.Groups[2].Value != "U").Select(symbol => symbol.Groups[3].Value).ToHashSet(StringComparer.Ordinal);
            Assert.That(defined, Does.Contain(function));
            Assert.That(linked.Select(symbol => symbol.Groups[3].Value).Except(defined), Is.Empty, function);
        }
    }

    /// <summary>Functions of one name in two files would be two functions, or an error of the linker.</summary>
    [Test]
    public void Each_function_is_in_one_file_or_has_a_file_for_each_of_several_tiers()
    {
        foreach (var function in Functions())
        {
            var files = Library.Where(file => file.Name.EndsWith(".c", StringComparison.Ordinal) && Regex.IsMatch(file.Text, $@"^\w+ {function}\(", RegexOptions.Multiline)).ToArray();
            Assert.That(files, Has.Length.EqualTo(1).Or.All.Property("Text").Contains("defined(PQS_MVE)"), function);
        }
    }

    /// <summary>An image would hold a copy of such a function for each file.</summary>
    [Test]
    public void Headers_of_several_files_have_no_functions_out_of_line()
    {
        foreach (var header in Library.Where(file => file.Text.Contains("\nPQS_NOINLINE ", StringComparison.Ordinal) && file.Name.EndsWith(".h", StringComparison.Ordinal)))
        {
            Assert.That(Library.Where(file => file.Name.EndsWith(".c", StringComparison.Ordinal) && Reaches(file, header.Name)).ToArray(), Has.Length.EqualTo(1), header.Name);
        }
    }

    private static bool Reaches(GeneratedFile file, string header) => Include().Matches(file.Text).Select(match => match.Groups[1].Value)
        .Any(name => name == header || Reaches(Library.Single(other => other.Name == name), header));

    /// <summary>What models call.</summary>
    private static string[] Functions() =>
        [.. Declaration().Matches(Library.Single(file => file.Name == "pqs_kernels.h").Text).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("^(\\w+)\\.o:[0-9a-f ]+ ([A-Z]) (pqs_\\S*)$", RegexOptions.Multiline)]
    private static partial Regex Symbol();

    [GeneratedRegex("^#include \"(\\S+)\"", RegexOptions.Multiline)]
    private static partial Regex Include();

    [GeneratedRegex(@"^void (pqs_\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
