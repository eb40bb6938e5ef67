package dev.neurontp.conformance.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The example has a pom of its own; what this build is tested with stands in both. */
class ExamplePomTest {
    @ParameterizedTest
    @CsvSource({
        "<neurontp.version>, <artifactId>neurontp</artifactId>\\s*<version>",
        "<junit.version>, <junit.version>",
        "<artifactId>maven-resources-plugin</artifactId>\\s*<version>, <plugin.resources.version>",
        "<artifactId>maven-compiler-plugin</artifactId>\\s*<version>, <plugin.compiler.version>",
        "<artifactId>maven-surefire-plugin</artifactId>\\s*<version>, <plugin.surefire.version>",
        "<maven.compiler.release>, <maven.compiler.release>",
    })
    void itHasTheVersionsOfThisBuild(String inExample, String inRoot) throws IOException {
        assertThat(value("docs/junit-example/pom.xml", inExample)).isEqualTo(value("pom.xml", inRoot));
    }

    private static String value(String file, String before) throws IOException {
        String pom = Files.readString(Path.of("..").resolve(file));
        Matcher found = Pattern.compile(before + "([^<$]+)<").matcher(pom);
        assertThat(found.find()).as("%s in %s", before, file).isTrue();
        return found.group(1);
    }
}
