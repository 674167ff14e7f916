using NUnit.Framework;
using Pqs.Codegen.Emission;
using Pqs.Codegen.Rendering;
using Pqs.Codegen.Toolchain;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Codegen;

/// <summary>The generated CMake package in projects of its users.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class CMakeTests
{
    private const string Main = """
        #include "first.h"
        #include "second.h"

        _Alignas(4) static int8_t arena[FIRST_ARENA_SIZE > SECOND_ARENA_SIZE ? FIRST_ARENA_SIZE : SECOND_ARENA_SIZE];

        int main(void)
        {
            static int8_t in[FIRST_INPUT_0_SIZE + SECOND_INPUT_0_SIZE];
            static int8_t out[FIRST_OUTPUT_0_SIZE + FIRST_OUTPUT_1_SIZE + SECOND_OUTPUT_0_SIZE];
            return (int)first_invoke(arena, in, out, out + FIRST_OUTPUT_0_SIZE) + (int)second_invoke(arena, in, out);
        }

        """;

    private const string Application = """
        add_executable(application main.c)
        set_target_properties(application PROPERTIES C_STANDARD 11)
        target_link_libraries(application PRIVATE Pqs::first Pqs::second)

        """;

    [Test]
    public void Two_models_are_added_as_subdirectories() => Build($"""
        cmake_minimum_required(VERSION 3.13)
        project(user C)
        add_subdirectory(first)
        add_subdirectory(second)
        {Application}
        """);

    [Test]
    public void Two_models_are_fetched() => Build($"""
        cmake_minimum_required(VERSION 3.14)
        project(user C)
        include(FetchContent)
        FetchContent_Declare(one SOURCE_DIR $[CMAKE_CURRENT_LIST_DIR]/first)
        FetchContent_Declare(two SOURCE_DIR $[CMAKE_CURRENT_LIST_DIR]/second)
        FetchContent_MakeAvailable(one two)
        {Application}
        """.Replace("$[CMAKE_CURRENT_LIST_DIR]", "${CMAKE_CURRENT_LIST_DIR}", StringComparison.Ordinal));

    [Test]
    public void A_model_is_built_alone()
    {
        Tools.Require("cmake", "ninja", "gcc");
        using var folder = Generate();
        AssertQuiet(folder.Run("cmake", "-G", "Ninja", "-S", "first", "-B", "build"));
        folder.Run("cmake", "--build", "build");

        Assert.That(Directory.EnumerateFiles(Path.Combine(folder.Path, "build"), "*.a").Select(Path.GetFileName), Is.EquivalentTo(new[] { "libfirst.a", "libpqs_kernels.a" }));
    }

    /// <summary>Names of CMake's own targets, of standard headers, of C functions, of this tool's own files, and ones that are no identifiers.</summary>
    [Test]
    public void Models_of_any_names_are_parts_of_one_project()
    {
        Tools.Require("cmake", "ninja", "gcc");
        string[] names =
        [
            "all", "help", "install", "test", "string", "stdint", "math", "memcpy", "main", "int", "m", "pqs_kernels", "arena", "日本", "A;b",
        ];
        using var folder = new GeneratedFolder();
        var prefixes = names.Select(CIdentifier.PrefixFrom).Distinct(StringComparer.Ordinal).ToArray();
        Assert.That(prefixes.Where(prefix => !CIdentifier.IsValidPrefix(prefix)), Is.Empty);
        var builder = new ModelBuilder();
        var input = builder.AddInput([4], 1, 0);
        var graph = Graphs.Import(builder.Output(builder.Reshape(builder.Softmax(input), [2, 2])));
        foreach (var prefix in prefixes)
        {
            folder.Add(graph, prefix, "model-" + prefix);
        }

        folder.Write(
            "main.c",
            "#include <stdlib.h>\n#include <string.h>\n#include <stdint.h>\n#include <math.h>\n"
            + string.Concat(prefixes.Select(prefix => $"#include \"{prefix}.h\"\n"))
            + "_Alignas(4) static int8_t arena[4], in[4], out[4];\nint main(void)\n{\n    int status = EXIT_SUCCESS;\n"
            + string.Concat(prefixes.Select(prefix => $"    status += (int){prefix}_invoke(arena, in, out);\n"))
            + "    return status + (int)strlen(\"\");\n}\n");
        folder.Write(
            "CMakeLists.txt",
            $"""
            cmake_minimum_required(VERSION 3.13)
            project(user C)
            include(CTest)
            add_executable(application main.c)
            {string.Concat(prefixes.Select(prefix => $"add_subdirectory(model-{prefix})\ntarget_link_libraries(application PRIVATE Pqs::{prefix})\n"))}
            """);
        AssertQuiet(folder.Run("cmake", "-G", "Ninja", "-S", ".", "-B", "build"));
        folder.Run("cmake", "--build", "build");
        folder.Run(Path.Combine(folder.Path, "build", "application"));
    }

    [Test]
    public void Models_by_two_versions_are_refused()
    {
        Tools.Require("cmake", "ninja", "gcc");
        using var folder = Generate();
        var list = Path.Combine(folder.Path, "second", "CMakeLists.txt");
        var version = $"\"{Installation.Version}\"";
        Assert.That(File.ReadAllText(list), Does.Contain(version));
        File.WriteAllText(list, File.ReadAllText(list).Replace(version, "\"0.0.1\"", StringComparison.Ordinal));
        folder.Write("CMakeLists.txt", "cmake_minimum_required(VERSION 3.13)\nproject(user C)\nadd_subdirectory(first)\nadd_subdirectory(second)\n");

        var result = ProcessRunner.Run("cmake", ["-G", "Ninja", "-S", ".", "-B", "build"], folder.Path, TimeSpan.FromMinutes(1));

        Assert.That(result.Succeeded, Is.False);
        Assert.That(result.StandardError, Does.Contain("second is by pqs"));
    }

    private static void Build(string project)
    {
        Tools.Require("cmake", "ninja", "gcc");
        using var folder = Generate();
        folder.Write("main.c", Main);
        folder.Write("CMakeLists.txt", project);
        AssertQuiet(folder.Run("cmake", "-G", "Ninja", "-S", ".", "-B", "build", "-DCMAKE_C_FLAGS=-Wall -Wextra -Werror"));
        folder.Run("cmake", "--build", "build");
        folder.Run(Path.Combine(folder.Path, "build", "application"));
    }

    private static void AssertQuiet(string output) => Assert.That(output, Does.Not.Contain("Warning").And.Not.Contain("Deprecat"));

    private static GeneratedFolder Generate()
    {
        var folder = new GeneratedFolder();
        folder.Add(Graphs.Import(EveryLayer.Create()), "first", "first");
        var builder = new ModelBuilder();
        folder.Add(Graphs.Import(builder.Output(builder.Softmax(builder.AddInput([4], 1, 0)))), "second", "second");
        return folder;
    }
}
