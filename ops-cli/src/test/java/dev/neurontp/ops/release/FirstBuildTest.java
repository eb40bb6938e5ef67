package dev.neurontp.ops.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;

/** The first build of a clone, with {@code -Dquick}, fetches what the programs are made of and nothing for tests. */
class FirstBuildTest {
    private static final XPath XPATH = XPathFactory.newInstance().newXPath();

    static Stream<Path> poms() throws IOException {
        try (Stream<Path> folders = Files.list(Programs.root())) {
            List<Path> poms = folders.map(folder -> folder.resolve("pom.xml"))
                    .filter(Files::exists)
                    .toList();
            return Stream.concat(Stream.of(Programs.root().resolve("pom.xml")), poms.stream());
        }
    }

    @ParameterizedTest
    @MethodSource("poms")
    void aLibraryOfTestsStandsInAProfileThatItLeavesOut(Path pom) throws Exception {
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
        assertThat((String) XPATH.evaluate(
                        "/project/dependencies/dependency[scope='test'][1]/artifactId",
                        document,
                        XPathConstants.STRING))
                .isEmpty();
    }

    @Test
    void eachModuleIsLookedAt() throws IOException {
        assertThat(poms().map(pom -> pom.getParent().getFileName().toString()))
                .contains("rpc", "worker", "harness", "conformance-tests", "ops-cli");
    }
}
