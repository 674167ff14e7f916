using System.Globalization;
using System.Text;
using System.Xml;
using Pqs.Codegen.Verification;

namespace Pqs.Codegen.Commands;

/// <summary>A verification in JUnit's XML format: one test case a build.</summary>
internal static class JUnitReport
{
    public static string Format(VerificationResult verified)
    {
        using var stream = new MemoryStream();
        var settings = new XmlWriterSettings { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(false) };
        using (var writer = XmlWriter.Create(stream, settings))
        {
            writer.WriteStartElement("testsuite");
            writer.WriteAttributeString("name", "pqs verify " + Emission.CIdentifier.Comment(verified.Graph.Name));
            writer.WriteAttributeString("tests", Number(verified.Outcomes.Length));
            writer.WriteAttributeString("failures", Number(verified.Outcomes.Count(o => o.Verdict == Verdict.Different)));
            writer.WriteAttributeString("errors", Number(verified.Outcomes.Count(o => o.Verdict == Verdict.Failed)));
            foreach (var outcome in verified.Outcomes)
            {
                Write(writer, outcome);
            }

            writer.WriteEndElement();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void Write(XmlWriter writer, BuildOutcome outcome)
    {
        writer.WriteStartElement("testcase");
        writer.WriteAttributeString("classname", outcome.Target);
        writer.WriteAttributeString("name", outcome.Runner);
        if (outcome.Verdict != Verdict.Identical)
        {
            writer.WriteStartElement(outcome.Verdict == Verdict.Different ? "failure" : "error");
            writer.WriteString(outcome.Mismatch is { } mismatch ? VerificationTables.Describe(mismatch) : string.Join("\n", outcome.Diagnostics));
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
