using NUnit.Framework;

namespace Pqs.Tests.Commands;

/// <summary>What <c>pqs generate</c> does to the folder that it writes: all of its files or none, and nothing else.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class OutputFolderTests : IDisposable
{
    private static readonly string[] Files =
    [
        "model.c", "model.h", "model.json", "model_weights.c", "model_weights.h",
        "pqs_add.c", "pqs_average_pool_2d.c", "pqs_conv2d_1x1.c", "pqs_conv2d_im2col.c", "pqs_depthwise_conv2d.c", "pqs_fully_connected.c",
        "pqs_helium.h", "pqs_internal.h", "pqs_kernels.h", "pqs_matrix.h", "pqs_matrix_columns.h", "pqs_matrix_multiply.c",
        "pqs_matrix_multiply.h", "pqs_max_pool_2d.c", "pqs_packed_taps.h", "pqs_pad.c", "pqs_planes.h", "pqs_planes_3x3.h", "pqs_planes_helium.h", "pqs_planes_words.h", "pqs_requantize.c", "pqs_requantize.h", "pqs_saturate.c", "pqs_saturate.h", "pqs_softmax.c",
        "pqs_stored.h",
    ];

    private readonly PqsTool _pqs = new();

    public void Dispose() => _pqs.Dispose();

    [Test]
    public void A_new_folder_and_those_above_it_are_made()
    {
        Generate("a/b/out").Succeeded();

        Assert.That(Names(_pqs.At("a", "b", "out")), Is.EqualTo(Files));
        Assert.That(Names(_pqs.At("a", "b")), Is.EqualTo(new[] { "out" }));
    }

    [Test]
    public void Other_files_are_kept_and_earlier_ones_replaced()
    {
        Directory.CreateDirectory(_pqs.At("out", "sub"));
        File.WriteAllText(_pqs.At("out", "notes.txt"), "mine");
        File.WriteAllText(_pqs.At("out", "model.c"), "old");

        Generate("out").Succeeded();

        Assert.That(Names(_pqs.At("out")), Is.EqualTo(Files.Append("notes.txt").Append("sub").Order(StringComparer.Ordinal)));
        Assert.That(File.ReadAllText(_pqs.At("out", "notes.txt")), Is.EqualTo("mine"));
        Assert.That(File.ReadAllText(_pqs.At("out", "model.c")), Does.StartWith("/* SPDX"));
        Assert.That(_pqs.Entries, Is.EqualTo(new[] { PqsTool.Model, "out" }));
    }

    /// <summary>Kernels of another model, by an earlier version of the tool, would not go with those that are written now.</summary>
    [Test]
    public void Kernels_that_are_there_are_brought_to_the_same_version()
    {
        Directory.CreateDirectory(_pqs.At("out"));
        File.WriteAllText(_pqs.At("out", "pqs_sorted.c"), "old");

        Generate("out").Succeeded();

        Assert.That(Names(_pqs.At("out")), Is.EqualTo(Files.Concat(["pqs_narrow.c", "pqs_narrow.h", "pqs_sorted.c"]).Order(StringComparer.Ordinal)));
        Assert.That(File.ReadAllText(_pqs.At("out", "pqs_sorted.c")), Does.StartWith("/* SPDX"));
    }

    [TestCase("out/")]
    [TestCase("./out")]
    [TestCase("out/../out")]
    public void A_folder_may_be_spelt_in_any_way(string folder)
    {
        Generate(folder).Succeeded();
        Assert.That(Names(_pqs.At("out")), Is.EqualTo(Files));
    }

    [Test]
    public void The_working_folder_may_be_the_output()
    {
        Generate(".").Succeeded();
        Assert.That(_pqs.Entries, Is.EqualTo(Files.Append(PqsTool.Model).Order(StringComparer.Ordinal)));
    }

    [TestCase("out")]
    [TestCase("out/below")]
    public void A_file_in_place_of_the_folder_stays_as_it_is(string folder)
    {
        File.WriteAllText(_pqs.At("out"), "mine");

        Assert.That(Generate(folder).Failed(3).Ids, Is.EqualTo(new[] { "PQS0402" }));
        Assert.That(File.ReadAllText(_pqs.At("out")), Is.EqualTo("mine"));
        Assert.That(_pqs.Entries, Is.EqualTo(new[] { PqsTool.Model, "out" }));
    }

    /// <summary>Files are moved in one by one, so what would stop a later one must be seen before the first.</summary>
    [Test]
    public void A_folder_in_place_of_a_file_leaves_all_files_as_they_are([Values("model.h", "model.json", "pqs_kernels.h")] string obstacle)
    {
        Directory.CreateDirectory(_pqs.At("out", obstacle));
        foreach (var file in Files.Where(file => file != obstacle))
        {
            File.WriteAllText(_pqs.At("out", file), "old");
        }

        Assert.That(Generate("out").Failed(3).Ids, Is.EqualTo(new[] { "PQS0402" }));
        Assert.That(Files.Where(file => file != obstacle).Select(file => File.ReadAllText(_pqs.At("out", file))), Is.All.EqualTo("old"));
        Assert.That(_pqs.Entries, Is.EqualTo(new[] { PqsTool.Model, "out" }));
    }

    [Test]
    public void A_link_to_a_folder_is_followed_and_stays_a_link()
    {
        Directory.CreateDirectory(_pqs.At("real"));
        Directory.CreateSymbolicLink(_pqs.At("out"), "real");

        Generate("out").Succeeded();

        Assert.That(new DirectoryInfo(_pqs.At("out")).LinkTarget, Is.EqualTo("real"));
        Assert.That(Names(_pqs.At("real")), Is.EqualTo(Files));
    }

    [Test]
    public void A_link_in_place_of_a_file_is_replaced_and_what_it_points_to_stays()
    {
        Directory.CreateDirectory(_pqs.At("out"));
        File.WriteAllText(_pqs.At("elsewhere"), "mine");
        File.CreateSymbolicLink(_pqs.At("out", "model.c"), _pqs.At("elsewhere"));

        Generate("out").Succeeded();

        Assert.That(File.ReadAllText(_pqs.At("elsewhere")), Is.EqualTo("mine"));
        Assert.That(new FileInfo(_pqs.At("out", "model.c")).LinkTarget, Is.Null);
    }

    [Test]
    public void A_link_that_leads_nowhere_stays_as_it_is()
    {
        File.CreateSymbolicLink(_pqs.At("out"), "nowhere");

        Assert.That(Generate("out").Failed(3).Ids, Is.EqualTo(new[] { "PQS0402" }));
        Assert.That(_pqs.Entries, Is.EqualTo(new[] { PqsTool.Model, "out" }));
    }

    /// <summary>The parent of a folder may belong to somebody else: a mounted volume is such a folder.</summary>
    [Test]
    public void A_folder_is_written_whose_parent_cannot_be()
    {
        Directory.CreateDirectory(_pqs.At("parent", "out"));
        var result = InOwnMounts(
            """
            mount --bind parent parent && mount -t tmpfs -o size=4m tmpfs parent/out && mount -o remount,ro,bind parent || exit 77
            "$1" generate model.tflite --target cortex-m4 --output parent/out >/dev/null && ls parent/out
            """);

        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Assert.That(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(Files));
    }

    [TestCase("full/out", "")]
    [TestCase("full", "old ")]
    public void A_full_disk_gets_nothing(string output, string kept)
    {
        Directory.CreateDirectory(_pqs.At("full"));
        var result = InOwnMounts(
            $"""
            mount -t tmpfs -o size=160k tmpfs full || exit 77
            if test -n '{kept}'; then for name in {string.Join(' ', Files)}; do printf '{kept}' > full/$name; done; fi
            "$1" generate model.tflite --target cortex-m4 --output {output}
            echo "exit code $?"
            cat full/* 2>/dev/null
            ls -A full | wc -l
            """);

        Assert.That(result.Error, Does.Contain("PQS0402"));
        var count = kept.Length > 0 ? Files.Length : 0;
        Assert.That(result.Output, Is.EqualTo($"exit code 3\n{string.Concat(Enumerable.Repeat(kept, count))}{count}\n"));
    }

    private ToolResult Generate(string output) => _pqs.Run("generate", PqsTool.Model, "--target", "cortex-m4", "--output", output);

    /// <summary>Runs a script that may mount file systems, which no other process sees. Its first argument is the program.</summary>
    private ToolResult InOwnMounts(string script)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("file systems are mounted for a test on Linux only");
        }

        Tools.Require("unshare", "mount");
        var result = PqsTool.Start("unshare", _pqs.Folder, [], ["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", PqsTool.Executable]);
        if (result.ExitCode is 77 || result.Error.StartsWith("unshare:", StringComparison.Ordinal))
        {
            Assert.Ignore($"file systems cannot be mounted here: {result.Error}");
        }

        return result;
    }

    private static string[] Names(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)!).Order(StringComparer.Ordinal)];
}
