package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The examples of docs/hosts.md, as far as no cluster is needed to read them. */
class HostExamplesTest {
    private static final Path FOLDER = Programs.root().resolve("docs/hosts");

    @Test
    void theScriptForSbatchIsOneOfAShell() throws Exception {
        Path script = FOLDER.resolve("neuron.sbatch");
        assertThat(Programs.runs(List.of("sh", "-n", script.toString()))).isTrue();
        assertThat(Files.readString(script)).contains("tpctl up --hosts", "--launcher slurm");
    }

    @Test
    void theManifestsPodsAreThoseOfItsPool() throws Exception {
        List<JsonNode> documents = new ArrayList<>();
        try (MappingIterator<JsonNode> all = new YAMLMapper()
                .readerFor(JsonNode.class)
                .readValues(FOLDER.resolve("kubernetes.yaml").toFile())) {
            all.forEachRemaining(documents::add);
        }
        assertThat(documents)
                .extracting(document -> document.get("kind").stringValue())
                .containsExactly("Service", "StatefulSet");
        JsonNode set = documents.get(1);
        assertThat(set.at("/spec/serviceName")).isEqualTo(documents.get(0).at("/metadata/name"));
        assertThat(set.at("/spec/selector/matchLabels")).isEqualTo(set.at("/spec/template/metadata/labels"));
        assertThat(set.at("/spec/replicas").intValue()).isEqualTo(2);
        JsonNode container = set.at("/spec/template/spec/containers/0");
        assertThat(container.at("/resources/limits/nvidia.com~1gpu").intValue()).isEqualTo(4);
        assertThat(Programs.runs(
                        List.of("sh", "-n", "-c", container.at("/command/2").stringValue())))
                .isTrue();
    }
}
