using System.Security.Cryptography;
using System.Text;
using Pqs.Codegen.Emission;

namespace Pqs.Codegen.Toolchain;

/// <summary>
/// Keeps objects of the kernel library, and what compilers write beside them, for later builds: its files are the same for every model, and their compilation
/// takes longer than all else of a verification. Only where the environment variable PQS_OBJECT_CACHE names a folder.
/// </summary>
internal static class ObjectCache
{
    private const string Variable = "PQS_OBJECT_CACHE";

    public static string? Folder => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : null;

    public static bool Takes(string source) => Folder != null && KernelLibrary.Contains(Path.GetFileName(source));

    /// <summary>The file that holds, or is to hold, what a compiler makes of a source.</summary>
    /// <param name="compiler">Full path of the compiler; another version of it has another size or date.</param>
    /// <param name="flags">All of its flags that have an effect beyond the preprocessor.</param>
    /// <param name="preprocessed">The source as the preprocessor leaves it.</param>
    public static string PathOf(string compiler, IEnumerable<string> flags, string preprocessed)
    {
        var file = new FileInfo(compiler);
        var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        var text = string.Join('\0', [target.FullName, $"{target.Length}", $"{target.LastWriteTimeUtc.Ticks}", .. flags, preprocessed]);
        return Path.Combine(Folder!, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))) + ".o");
    }

    /// <summary>Copies a file out of the cache; false where it is not there.</summary>
    public static bool TryTake(string path, string target)
    {
        try
        {
            File.Copy(path, target, overwrite: true);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Copies a file into the cache, whole or not at all; where that fails, the next build compiles again.</summary>
    public static void Keep(string path, string source)
    {
        try
        {
            Directory.CreateDirectory(Folder!);
            var part = $"{path}.{Guid.NewGuid():N}";
            File.Copy(source, part);
            File.Move(part, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A cache is no part of the result.
        }
    }
}
