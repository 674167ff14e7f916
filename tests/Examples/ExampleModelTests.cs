using NUnit.Framework;

namespace Pqs.Tests.Examples;

/// <summary>models/example.tflite is what its description says.</summary>
public class ExampleModelTests
{
    [Test]
    public void The_example_is_what_its_description_builds()
    {
        var path = Path.Combine(Repository.Root, "models", "example.tflite");
        var built = ExampleModel.Build();
        if (Repository.UpdatesGoldenFiles)
        {
            File.WriteAllBytes(path, built);
        }

        Assert.That(File.ReadAllBytes(path), Is.EqualTo(built), "Run the tests with PQS_UPDATE_GOLDEN=1 after a change that is meant.");
    }
}
