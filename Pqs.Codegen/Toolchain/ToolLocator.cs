namespace Pqs.Codegen.Toolchain;

/// <summary>Finds programs on PATH, and knows which Debian package holds those that builds need.</summary>
public static class ToolLocator
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const string ClangPrefix = "clang-";

    /// <summary>
    /// Full path of the program, or null. A name with a directory in it is taken as a path; others are looked up on PATH only.
    /// </summary>
    public static string? Find(string name)
    {
        if (name.Length == 0)
        {
            return null;
        }

        if (Path.GetFileName(name) != name)
        {
            return IsProgram(name) ? Path.GetFullPath(name) : null;
        }

        // Relative entries would make the result depend on the working directory, where other people's files may lie.
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified)
            .SelectMany(folder => FileNames(name).Select(file => Path.Combine(folder, file)))
            .FirstOrDefault(IsProgram);
    }

    /// <summary>The Debian packages that a tool comes with; most are named as the tool is.</summary>
    public static string DebianPackages(string tool) => tool switch
    {
        _ when tool.StartsWith("arm-none-eabi-", StringComparison.Ordinal) => "gcc-arm-none-eabi libnewlib-arm-none-eabi",
        _ when tool.StartsWith(ClangPrefix, StringComparison.Ordinal) => $"{tool} libclang-rt-{tool[ClangPrefix.Length..]}-dev",
        _ => tool,
    };

    private static string[] FileNames(string name) => OperatingSystem.IsWindows() ? [name + ".exe", name] : [name];

    private static bool IsProgram(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != 0);
}
