using NUnit.Framework;
using Pqs.Codegen.Toolchain;

namespace Pqs.Tests.Toolchain;

[NonParallelizable]
internal sealed class ObjectCacheTests : IDisposable
{
    private const string Variable = "PQS_OBJECT_CACHE";

    private readonly TemporaryFolder _folder = new();
    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

    [OneTimeSetUp]
    public void SetFolder() => Environment.SetEnvironmentVariable(Variable, Path.Combine(_folder.Path, "objects"));

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, _before);
        _folder.Dispose();
    }

    [Test]
    public void What_was_kept_is_taken()
    {
        var source = Path.Combine(_folder.Path, "a.o");
        File.WriteAllText(source, "object");
        var (cached, target) = (ObjectCache.PathOf(source, ["-O3"], "int a;"), Path.Combine(_folder.Path, "b.o"));
        Assert.That(ObjectCache.TryTake(cached, target), Is.False);

        ObjectCache.Keep(cached, source);
        Assert.That((ObjectCache.TryTake(cached, target), File.ReadAllText(target)), Is.EqualTo((true, "object")));
        Assert.That(Directory.GetFiles(ObjectCache.Folder!), Is.EqualTo(new[] { cached }));
    }

    [Test]
    public void Whatever_changes_the_object_changes_its_name()
    {
        var compiler = Path.Combine(_folder.Path, "cc");
        File.WriteAllText(compiler, "1");
        var first = ObjectCache.PathOf(compiler, ["-O3"], "int a;");
        Assert.That(ObjectCache.PathOf(compiler, ["-O3"], "int a;"), Is.EqualTo(first));
        Assert.That(ObjectCache.PathOf(compiler, ["-O2"], "int a;"), Is.Not.EqualTo(first));
        Assert.That(ObjectCache.PathOf(compiler, ["-O3"], "int b;"), Is.Not.EqualTo(first));
        File.WriteAllText(compiler, "22");
        Assert.That(ObjectCache.PathOf(compiler, ["-O3"], "int a;"), Is.Not.EqualTo(first));
    }

    [Test]
    public void Only_what_many_builds_share_is_kept()
    {
        Assert.That(ObjectCache.Takes(Path.Combine(_folder.Path, "m_weights.c")), Is.False);
        Assert.That(ObjectCache.Takes(Path.Combine(_folder.Path, "pqs_softmax.c")), Is.True);
    }
}
