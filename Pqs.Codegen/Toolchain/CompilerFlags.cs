using System.Collections.Immutable;

namespace Pqs.Codegen.Toolchain;

/// <summary>Compiler flags that do not depend on the target.</summary>
public static class CompilerFlags
{
    /// <summary>For every build. Generated code is compiled just as strictly as firmware projects do.</summary>
    public static ImmutableArray<string> Common { get; } =
        ["-std=c99", "-O3", "-ffunction-sections", "-fdata-sections", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"];

    /// <summary>For compiling firmware: writes each function's stack frame and callees beside the object.</summary>
    public static ImmutableArray<string> Firmware { get; } = ["-fstack-usage", "-fcallgraph-info=su"];

    /// <summary>For linking firmware: the target's own start-up code, and only what is used.</summary>
    public static ImmutableArray<string> FirmwareLink { get; } = ["-nostartfiles", "--specs=nosys.specs", "-Wl,--gc-sections"];
}
