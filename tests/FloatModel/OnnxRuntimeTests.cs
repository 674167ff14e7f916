using NUnit.Framework;

namespace Pqs.Tests.FloatModel;

/// <summary>Every operator, attribute and version that matters, against onnxruntime.</summary>
internal sealed class OnnxRuntimeTests
{
    private static IEnumerable<OnnxCase> Cases => [.. WindowCases.All, .. ElementwiseCases.All, .. ShapeCases.All];

    [TestCaseSource(nameof(Cases))]
    public void The_float_interpreter_agrees_with_onnxruntime(object testCase)
    {
        var given = (OnnxCase)testCase;
        var graph = FloatComparison.AssertEqual(given.Model());
        if (given.Operators.Length > 0)
        {
            Assert.That(string.Join(' ', graph.Nodes.Select(node => node.Operator.Name)), Is.EqualTo(given.Operators));
        }
    }
}
