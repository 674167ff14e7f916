using NUnit.Framework;

namespace Pqs.Tests.Reference;

/// <summary>Third-party models with the outputs that third-party kernels gave. They lie beside the repository and are not part of it.</summary>
internal static class SharedModels
{
    /// <summary>The folder of one model; ends the test as ignored where there is none.</summary>
    public static string Folder(string model)
    {
        if (Root() is not { } root || !Directory.Exists(root))
        {
            Assert.Ignore("../shared is absent");
            throw new InvalidOperationException("Not reached: ignoring a test ends it.");
        }

        return Path.Combine(root, "models", model);
    }

    private static string? Root() =>
        Environment.GetEnvironmentVariable("PQS_SHARED") is { Length: > 0 } given ? given : Beside(AppContext.BaseDirectory) ?? Beside(SourceFile());

    /// <summary>The folder beside the repository that a path lies in, if it lies in one.</summary>
    private static string? Beside(string path)
    {
        for (var folder = new DirectoryInfo(path); folder != null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pqs.Embedded.sln")))
            {
                return folder.Parent == null ? null : Path.Combine(folder.Parent.FullName, "shared");
            }
        }

        return null;
    }

    /// <summary>Tests may be built to a folder outside the repository.</summary>
    private static string SourceFile([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;
}
