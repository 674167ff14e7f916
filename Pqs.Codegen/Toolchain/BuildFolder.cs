using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Toolchain;

/// <summary>The folder that a build writes to.</summary>
internal static class BuildFolder
{
    /// <summary>Makes the folder; false, and an error reported, when that fails.</summary>
    public static bool Prepare(BuildRequest request, DiagnosticBag diagnostics)
    {
        try
        {
            Directory.CreateDirectory(request.OutputFolder);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            diagnostics.Report(DiagnosticDescriptors.BuildFolderUnusable, request.Target.Name, exception.Message);
            return false;
        }
    }
}
