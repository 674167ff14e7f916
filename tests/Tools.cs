using NUnit.Framework;
using Pqs.Codegen.Toolchain;

namespace Pqs.Tests;

/// <summary>The programs that tests run.</summary>
internal static class Tools
{
    /// <summary>Ends the test where a tool is missing: ignored on a developer's machine, failed in CI, which has them all.</summary>
    public static void Require(params string[] tools)
    {
        foreach (var tool in tools.Where(tool => ToolLocator.Find(tool) is null))
        {
            Missing($"{tool} is not installed; on Debian it comes with {ToolLocator.DebianPackages(tool)}");
        }
    }

    /// <summary>Ends the test for want of something that a test needs and cannot look up on PATH.</summary>
    public static void Missing(string reason)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(reason);
        }

        Assert.Ignore(reason);
    }
}
