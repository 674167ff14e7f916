using System.Runtime.CompilerServices;

namespace Pqs.Tests;

/// <summary>Files of the repository that tests read.</summary>
internal static class Repository
{
    /// <summary>The repository's folder: where the sources of these tests are, wherever they were built.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, ".."));

    /// <summary>True when golden files are to be rewritten instead of compared.</summary>
    public static bool UpdatesGoldenFiles => Environment.GetEnvironmentVariable("PQS_UPDATE_GOLDEN") == "1";

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
