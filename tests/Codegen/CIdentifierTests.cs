using CsCheck;
using NUnit.Framework;
using Pqs.Codegen.Emission;

namespace Pqs.Tests.Codegen;

internal sealed class CIdentifierTests
{
    [TestCase("kws", "kws")]
    [TestCase("KWS-int8.v2", "kws_int8_v2")]
    [TestCase("..%2f..%2fetc", "net_2f_2fetc")]
    [TestCase("a;b", "a_b")]
    [TestCase("日本", "net")]
    [TestCase("", "net")]
    [TestCase("___", "net")]
    [TestCase("int", "net_int")]
    [TestCase("INT", "net_int")]
    [TestCase("pqs", "net_pqs")]
    [TestCase("pqs_kernels", "net_pqs_kernels")]
    [TestCase("2nd", "net_2nd")]
    [TestCase("harness_model", "net_harness_model")]
    [TestCase("a__b", "a_b")]
    [TestCase("\u212Aelvin", "kelvin")]
    public void A_prefix_is_made_of_what_a_name_has(string name, string prefix) => Assert.That(CIdentifier.PrefixFrom(name), Is.EqualTo(prefix));

    [TestCase("int")]
    [TestCase("Kws")]
    [TestCase("a-b")]
    [TestCase("a/b")]
    [TestCase("../a")]
    [TestCase("_a")]
    [TestCase("1a")]
    [TestCase("é")]
    [TestCase("a\n")]
    [TestCase("pqsx")]
    [TestCase("main")]
    [TestCase("")]
    public void What_is_no_prefix_is_not_accepted(string name) => Assert.That(CIdentifier.IsValidPrefix(name), Is.False);

    [Test]
    public void Any_text_gives_a_valid_prefix() => Gen.String.Sample(text => CIdentifier.IsValidPrefix(CIdentifier.PrefixFrom(text)));

    [TestCase('a')]
    [TestCase('1')]
    [TestCase('_')]
    [TestCase('é')]
    public void A_name_of_any_length_gives_a_valid_prefix(char letter)
    {
        var prefixes = Enumerable.Range(0, 100).Append(100_000).Select(length => CIdentifier.PrefixFrom(new string(letter, length)));

        Assert.That(prefixes.Where(prefix => !CIdentifier.IsValidPrefix(prefix)), Is.Empty);
    }

    [TestCase("*/ int x; /*")]
    [TestCase("a\\\nb")]
    [TestCase("??/")]
    [TestCase("\"quoted\"")]
    [TestCase("{{ end }}")]
    [TestCase("${CMAKE_HOME}")]
    [TestCase("\u202Etxt")]
    [TestCase("/*")]
    public void A_comment_holds_nothing_that_a_tool_could_read(string text) =>
        Assert.That(CIdentifier.Comment(text), Does.Match("^[A-Za-z0-9_.: -]*$"));

    [Test]
    public void A_comment_is_short() => Assert.That(CIdentifier.Comment(new string('x', 100_000)), Has.Length.LessThan(100));
}
