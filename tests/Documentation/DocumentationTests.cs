using System.Collections.Immutable;
using System.Reflection;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Pqs.Codegen.Toolchain;
using Pqs.Reference.Diagnostics;

namespace Pqs.Tests.Documentation;

/// <summary>The documentation names what there is: each diagnostic, command, option and folder, and nothing else.</summary>
internal sealed partial class DocumentationTests
{
    private static readonly ImmutableArray<DiagnosticDescriptor> Descriptors =
    [
        .. typeof(DiagnosticDescriptors).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(DiagnosticDescriptor))
            .Select(field => (DiagnosticDescriptor)field.GetValue(null)!)
            .OrderBy(descriptor => descriptor.Id, StringComparer.Ordinal),
    ];

    public static IEnumerable<string> Documents() =>
        Directory.EnumerateFiles(Repository.Root, "*.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path))
            .Where(path => !path.Split('/').Any(folder => folder is "bin" or "obj" or "out" || folder.StartsWith('.')))
            .Order(StringComparer.Ordinal);

    public static IEnumerable<string> Commands() => HelpRows("Commands:").Select(row => row.Split(' ')[0]);

    [Test]
    public void Diagnostic_ids_are_unique_and_well_formed()
    {
        Assert.That(Descriptors, Is.Not.Empty);
        Assert.That(Descriptors.Select(descriptor => descriptor.Id), Is.Unique);
        Assert.That(Descriptors.Select(descriptor => descriptor.Id), Is.All.Match("^PQS0[1-9][0-9]{2}$"));
    }

    [Test]
    public void Every_diagnostic_has_an_entry_with_its_message_and_severity()
    {
        // An entry is a heading of id and message, an empty line, and a paragraph that begins with the severity.
        var entries = Read("docs/diagnostics.md").Split("\n### ").Skip(1).Select(entry => entry.Split('\n'))
            .Select(lines => $"{lines[0]} | {lines[2].Split('.')[0]}");
        var expected = Descriptors.Select(descriptor => $"{descriptor.Id}: {descriptor.Message} | {descriptor.Severity}");

        Assert.That(entries, Is.EqualTo(expected));
    }

    [Test]
    public void Every_command_has_a_section() =>
        Assert.That(Values(SectionHeading(), "docs/commands.md"), Is.EqualTo(Commands()));

    [TestCaseSource(nameof(Commands))]
    public void A_commands_section_lists_its_options(string command)
    {
        var options = HelpRows("Options:", command)
            .Select(row => Names(row.Split("  ")[0]))
            .Where(names => !names.Contains("--help"))
            .Select(names => string.Join(' ', names));
        var section = Read("docs/commands.md").Split($"\n## pqs {command}\n")[1].Split("\n## ")[0];
        var listed = section.Split('\n').Where(line => line.StartsWith("| `-", StringComparison.Ordinal))
            .Select(row => string.Join(' ', Names(row.Split('|')[1])));

        Assert.That(listed, Is.EquivalentTo(options));
    }

    [TestCaseSource(nameof(Documents))]
    public void Links_lead_somewhere(string document)
    {
        foreach (Match link in Link().Matches(WithoutCode(Read(document))))
        {
            var path = link.Groups["path"].Value;
            if (path.Contains("://", StringComparison.Ordinal))
            {
                continue;
            }

            var target = path.Length == 0 ? document : Path.Combine(Path.GetDirectoryName(document)!, path);
            var full = Path.Combine(Repository.Root, target);
            Assert.That(File.Exists(full) || Directory.Exists(full), Is.True, $"{document} links to {target}, which does not exist");
            if (link.Groups["anchor"].Value is { Length: > 0 } anchor)
            {
                Assert.That(Anchors(Read(target)), Does.Contain(anchor), $"{document} links to a heading that {target} does not have");
            }
        }
    }

    [Test]
    public void The_folders_of_the_architecture_are_those_that_exist()
    {
        var named = Values(FolderName(), "docs/ARCHITECTURE.md").ToArray();
        string[] existing = [.. Subfolders("Pqs.Reference"), .. Subfolders("Pqs.Compress"), .. Subfolders("Pqs.Codegen"), .. Subfolders("templates")];

        Assert.That(named.Where(folder => !Directory.Exists(Path.Combine(Repository.Root, folder))), Is.Empty);
        Assert.That(existing, Is.SubsetOf(named));
    }

    [TestCase("Pqs.Reference")]
    [TestCase("Pqs.Compress")]
    [TestCase("Pqs.Codegen")]
    public void A_room_uses_only_rooms_listed_above_it(string project)
    {
        var rooms = Values(FolderRow(), "docs/ARCHITECTURE.md")
            .Where(folder => folder.StartsWith(project + "/", StringComparison.Ordinal)).ToArray();
        Assert.That(rooms, Is.Not.Empty);
        foreach (var (position, room) in rooms.Index())
        {
            var below = rooms[(position + 1)..].Select(other => other.Replace('/', '.'));
            var uses = Directory.EnumerateFiles(Path.Combine(Repository.Root, room), "*.cs", SearchOption.AllDirectories)
                .SelectMany(file => UsedNamespace().Matches(File.ReadAllText(file)))
                .Select(match => match.Groups["namespace"].Value)
                .Where(used => below.Any(other => (used + ".").StartsWith(other + ".", StringComparison.Ordinal)));
            Assert.That(uses, Is.Empty, room);
        }
    }

    /// <summary>What a pattern's first group holds in a document, in order.</summary>
    private static IEnumerable<string> Values(Regex pattern, string document) =>
        pattern.Matches(Read(document)).Select(match => match.Groups[1].Value);

    private static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));

    /// <summary>The rows of a list in the help of the tool or of one of its commands.</summary>
    private static IEnumerable<string> HelpRows(string heading, params ImmutableArray<string> command)
    {
        // The tool's own executable, which the build puts beside the tests.
        var tool = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "pqs.exe" : "pqs");
        var help = ProcessRunner.Run(tool, [.. command, "--help"], AppContext.BaseDirectory, TimeSpan.FromMinutes(1));
        Assert.That(help.Succeeded, Is.True, help.StandardError);
        return help.StandardOutput.ReplaceLineEndings("\n").Split('\n')
            .SkipWhile(line => line != heading).Skip(1)
            .TakeWhile(line => line.Length > 0)
            .Select(line => line.Trim());
    }

    private static ImmutableArray<string> Names(string text) =>
        [.. OptionName().Matches(text).Select(match => match.Value).Order(StringComparer.Ordinal)];

    /// <summary>The subfolders with files of the repository in them.</summary>
    private static IEnumerable<string> Subfolders(string folder) =>
        Directory.EnumerateDirectories(Path.Combine(Repository.Root, folder))
            .Where(path => Directory.EnumerateFiles(path).Any())
            .Select(Path.GetFileName).OfType<string>()
            .Where(name => name is not ("bin" or "obj"))
            .Select(name => $"{folder}/{name}");

    /// <summary>Without fenced blocks and code spans, in which brackets and parentheses are no links.</summary>
    private static string WithoutCode(string text) => CodeSpan().Replace(CodeBlock().Replace(text, ""), "");

    /// <summary>The anchors of a document's headings, as GitHub makes them.</summary>
    private static IEnumerable<string> Anchors(string text) => Heading().Matches(CodeBlock().Replace(text, ""))
        .Select(match => string.Concat(match.Groups["text"].Value.ToLowerInvariant()
            .Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_').Select(c => c == ' ' ? '-' : c)));

    [GeneratedRegex("^## pqs (?<command>.+)$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex SectionHeading();

    [GeneratedRegex("^#+ (?<text>.+)$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\]\((?<path>[^)#\s]*)(#(?<anchor>[^)\s]*))?\)", RegexOptions.CultureInvariant)]
    private static partial Regex Link();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex CodeBlock();

    [GeneratedRegex("`[^`\n]*`", RegexOptions.CultureInvariant)]
    private static partial Regex CodeSpan();

    /// <summary>A code span that ends in a slash.</summary>
    [GeneratedRegex("`(?<folder>[A-Za-z0-9._/-]+)/`", RegexOptions.CultureInvariant)]
    private static partial Regex FolderName();

    /// <summary>The folder in the first column of a table.</summary>
    [GeneratedRegex(@"^\| `(?<folder>[A-Za-z0-9._/-]+)/` \|", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex FolderRow();

    [GeneratedRegex(@"^using (?<namespace>[\w.]+);", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex UsedNamespace();

    [GeneratedRegex("(?<![a-z])--?[a-z][a-z-]*", RegexOptions.CultureInvariant)]
    private static partial Regex OptionName();
}
