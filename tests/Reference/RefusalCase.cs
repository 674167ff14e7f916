using Pqs.Tests.TfLite;

namespace Pqs.Tests.Reference;

/// <summary>A way to break the small model, and what must be said about it.</summary>
/// <param name="Name">The case in the list of tests.</param>
/// <param name="Id">Id of the first error.</param>
/// <param name="Place">Text that its place must contain.</param>
/// <param name="Message">Text that its message must contain.</param>
/// <param name="Break">Makes the broken file.</param>
internal sealed record RefusalCase(string Name, string Id, string Place, string Message, Func<TfLiteFile, TfLiteFile> Break)
{
    public override string ToString() => $"{Id} {Name}";
}
