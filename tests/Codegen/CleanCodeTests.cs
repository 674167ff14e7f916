using System.Collections.Immutable;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Pqs.Codegen.Rendering;
using Pqs.Codegen.Targets;
using Pqs.Reference.Diagnostics;
using Pqs.Tests.Reference;

namespace Pqs.Tests.Codegen;

/// <summary>What people who review firmware look for in a component that they did not write.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed partial class CleanCodeTests
{
    private static readonly ImmutableArray<string> Strict =
    [
        "-std=c99", Property.IsLong ? "-O2" : "-O1", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wsign-conversion", "-Wshadow", "-Wundef", "-Wcast-qual",
        "-Wstrict-prototypes", "-Wmissing-prototypes", "-Wdouble-promotion", "-Wvla", "-Werror",
    ];

    /// <summary>What the compiler itself calls: copies, and on small cores divisions, products and switches. None of it is floating point.</summary>
    private static readonly string[] LibraryFunctions =
        ["memcpy", "memset", "__aeabi_idiv", "__aeabi_uidiv", "__aeabi_idivmod", "__aeabi_lmul", "__gnu_thumb1_case_sqi", "__gnu_thumb1_case_uqi"];

    /// <summary>In long runs all; else one for each tier of the kernels, and each tier by one of the host's compilers.</summary>
    private static IEnumerable<string> Cores => Property.IsLong
        ? TargetCatalog.Names(Installation.TargetsFolder).Where(name => name != "host")
        : ["cortex-m0", "cortex-m3", "cortex-m4", "cortex-m55"];

    private static string[] Compilers(KernelTier tier) => Property.IsLong ? ["gcc", "clang-16"] : [tier == KernelTier.All[0] ? "clang-16" : "gcc"];

    public static IEnumerable<TestCaseData> Builds =>
    [
        .. KernelTier.All.SelectMany(tier => Compilers(tier).Select(compiler => Build(compiler, tier.Name, tier.Flags))),
        .. Cores.Select(name => TargetCatalog.Load(Installation.TargetsFolder, name, new DiagnosticBag())!)
            .Select(target => Build(target.Compilers[0], target.Name, target.Flags)),
    ];

    [TestCaseSource(nameof(Builds))]
    public void Strict_compilers_have_nothing_to_say_and_objects_hold_only_code_and_constants(string compiler, ImmutableArray<string> flags)
    {
        Tools.Require(compiler);
        using var folder = Generate();
        var said = folder.Run(compiler, [.. Strict, .. flags, "-ffreestanding", "-fno-pie", "-c", .. folder.CFiles]);
        Assert.That(said, Is.Empty);

        // Position-independent code would have its constant pointers in writable sections; firmware is linked at fixed addresses.
        var nm = compiler.StartsWith("arm", StringComparison.Ordinal) ? "arm-none-eabi-nm" : "nm";
        Tools.Require(nm);
        var symbols = folder.Run(nm, [.. folder.CFiles.Select(source => Path.ChangeExtension(source, ".o"))])
            .Split('\n').Select(line => Symbol().Match(line)).Where(match => match.Success)
            .Select(match => (Kind: match.Groups[1].Value, Name: match.Groups[2].Value)).ToArray();

        // Text, read-only data, and mapping symbols: nothing writable, nothing common.
        Assert.That(symbols.Where(s => !"TtRrU".Contains(s.Kind, StringComparison.Ordinal)), Is.Empty);
        var defined = symbols.Where(s => s.Kind is "T" or "R").Select(s => s.Name).ToHashSet();
        Assert.That(defined, Does.Contain("m_invoke").And.Contain("pqs_add"));
        Assert.That(defined.Where(name => !name.StartsWith("m_", StringComparison.Ordinal) && !name.StartsWith("pqs_", StringComparison.Ordinal)), Is.Empty);
        Assert.That(symbols.Where(s => s.Kind == "U").Select(s => s.Name).Distinct().Except(defined).Except(LibraryFunctions), Is.Empty);
        KernelLibraryTests.CheckThatFilesLink(folder, nm);
    }

    [TestCase("g++", "-std=c++11")]
    [TestCase("g++", "-std=c++20")]
    [TestCase("arm-none-eabi-g++", "-std=c++11")]
    public void Headers_serve_Cpp(string compiler, string standard)
    {
        Tools.Require(compiler);
        using var folder = Generate();
        folder.Write(
            "user.cpp",
            """
            #include "m.h"
            #include "m_weights.h"
            #include "m.h"
            #include "pqs_kernels.h"
            pqs_status run(int8_t *memory, const int8_t *in, int8_t *out);
            pqs_status run(int8_t *memory, const int8_t *in, int8_t *out)
            {
                static_assert(M_INPUT_0_ZERO_POINT == -1 && M_INPUT_0_SCALE == 1.0f / 128, "macros are constants");
                const int shape[M_INPUT_0_RANK] = M_INPUT_0_SHAPE;
                return shape[0] == 1 ? m_invoke(memory, in, out, out + M_OUTPUT_0_SIZE) : PQS_ERROR_NULL_POINTER;
            }

            """);

        Assert.That(folder.Run(compiler, standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-c", "user.cpp"), Is.Empty);
    }

    [TestCase("m.h")]
    [TestCase("m_weights.h")]
    [TestCase("pqs_kernels.h")]
    [TestCase("pqs_matrix_columns_blocks.h")]
    [TestCase("pqs_narrow.h")]
    [TestCase("pqs_packed.h")]
    [TestCase("pqs_planes_3x3.h")]
    [TestCase("pqs_planes_helium.h")]
    [TestCase("pqs_planes_words.h")]
    public void A_header_needs_nothing_before_it(string header)
    {
        Tools.Require("gcc");
        using var folder = Generate();
        folder.Write("user.c", $"#include \"{header}\"\n#include \"{header}\"\nint8_t used;\n");

        Assert.That(folder.Run("gcc", [.. Strict, "-c", "user.c"]), Is.Empty);
    }

    [Test]
    public void Cppcheck_has_nothing_to_say()
    {
        Tools.Require("cppcheck");
        using var folder = Generate();

        // The header asserts at compile time that right shifts are arithmetic, which the shift checks cannot know. Cppcheck takes what a register
        // variable is set to for a statement; of statements without effect compilers warn too. It does not look for system headers. The one of a
        // project that overrides macros is not there.
        folder.Run(
            "cppcheck",
            [
                "--quiet", "--std=c99", "--error-exitcode=1", "--enable=warning,style,performance,portability", "--inline-suppr",
                "--suppress=missingIncludeSystem", "--suppress=shiftNegativeLHS", "--suppress=shiftTooManyBitsSigned", "--suppress=constStatement",
                "-UPQS_CONFIG_HEADER",
                .. folder.CFiles,
            ]);
    }

    [Test]
    public void Sources_use_neither_floating_point_nor_the_heap_nor_files()
    {
        using var folder = Generate();
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*.?"))
        {
            var code = CommentOrText().Replace(File.ReadAllText(file), " ");
            Assert.That(Forbidden().Match(code).Value, Is.Empty, Path.GetFileName(file));
            Assert.That(
                Include().Matches(code).Select(match => match.Groups[1].Value), Is.SubsetOf(new[] { "<stddef.h>", "<stdint.h>", "<string.h>", "<arm_acle.h>", "<arm_mve.h>", "PQS_CONFIG_HEADER" }));
        }
    }

    [Test]
    public void Files_are_ascii_with_unix_line_ends_and_name_neither_folder_nor_date()
    {
        using var folder = Generate();
        foreach (var file in Directory.EnumerateFiles(folder.Path))
        {
            var text = File.ReadAllText(file);
            Assert.That(text, Does.EndWith("\n").And.Not.Contain("\r").And.Not.Contain("\t"), file);
            Assert.That(text.All(char.IsAscii), Is.True, file);
            Assert.That(text.Split('\n').Where(line => line.EndsWith(' ')), Is.Empty, file);
            Assert.That(text, Does.Not.Contain(AppContext.BaseDirectory).And.Not.Contain(folder.Path).And.Not.Match("20[2-9][0-9]-[01]"), file);
        }
    }

    [TestCase("gcc", "objdump")]
    [TestCase("arm-none-eabi-gcc", "arm-none-eabi-objdump")]
    public void Tables_go_where_the_project_wants_them(string compiler, string objdump)
    {
        Tools.Require(compiler, objdump);
        using var folder = Generate();
        folder.Write("project.h", "#define PQS_WEIGHTS_ATTR __attribute__((section(\".model_tables\"), aligned(32)))\n");
        folder.Run(compiler, [.. Strict, "-DPQS_CONFIG_HEADER=\"project.h\"", "-I.", "-c", "m_weights.c"]);

        var tables = folder.Run(objdump, "-t", "m_weights.o").Split('\n').Where(line => line.Contains("m_layer_", StringComparison.Ordinal)).ToArray();
        Assert.That(tables, Has.Length.EqualTo(16));
        Assert.That(tables, Is.All.Contains(" .model_tables"));
    }

    [TestCase("cortex-m0", "-Os")]
    [TestCase("cortex-m0", "-O2 -fno-omit-frame-pointer")]
    [TestCase("cortex-m3", "-O2 -fno-omit-frame-pointer")]
    [TestCase("cortex-m4", "-O2 -ffixed-r9 -DPQS_NO_ASSEMBLY")]
    [TestCase("cortex-m4", "-O0")]
    [TestCase("cortex-m55", "-O2 -fno-omit-frame-pointer")]
    public void Kernels_compile_with_the_options_of_other_projects(string core, string options)
    {
        Tools.Require("arm-none-eabi-gcc");
        using var folder = Generate();
        folder.Run("arm-none-eabi-gcc", ["-std=c99", "-Wall", "-Werror", "-mcpu=" + core, "-mthumb", "-mfloat-abi=soft", .. options.Split(' '), "-c", .. folder.CFiles]);
    }

    private static TestCaseData Build(string compiler, string name, ImmutableArray<string> flags) =>
        new TestCaseData(compiler, flags).SetArgDisplayNames(compiler, name);

    private static GeneratedFolder Generate()
    {
        var folder = new GeneratedFolder();
        folder.Add(Graphs.Import(EveryLayer.Create()), "m");
        folder.AddLibrary();
        return folder;
    }

    [GeneratedRegex("^[0-9a-f ]+ ([A-Za-z]) ([^$.]\\S*)$")]
    private static partial Regex Symbol();

    [GeneratedRegex("/\\*.*?\\*/|\"[^\"\n]*\"", RegexOptions.Singleline)]
    private static partial Regex CommentOrText();

    [GeneratedRegex("\\b(float|double|malloc|calloc|realloc|free|alloca|printf|FILE|errno|goto|setjmp)\\b")]
    private static partial Regex Forbidden();

    [GeneratedRegex("#include (\\S+)")]
    private static partial Regex Include();
}
