namespace Pqs.Codegen.Toolchain;

/// <summary>Bytes of memory that one linked object takes.</summary>
/// <param name="Name">The C file's name for objects of the build, such as <c>net_weights.c</c>; <c>libc.a(libc_a-memcpy.o)</c> for those
/// of libraries.</param>
/// <param name="Flash">Its code, constants and the initial values of its variables.</param>
/// <param name="Ram">Its variables.</param>
public sealed record ObjectUse(string Name, long Flash, long Ram);
