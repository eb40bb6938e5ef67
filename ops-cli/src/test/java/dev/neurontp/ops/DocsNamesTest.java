package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pages for contributors name in a code span exists: classes, their members, packages and files. */
class DocsNamesTest {
    private static final Pattern CODE_SPAN = Pattern.compile("(?<!`)`([^`\n]+)`(?!`)");

    /** A class name in mixed case, with a member behind it or without; no annotation and no part of a path. */
    private static final Pattern TYPE = Pattern.compile("(?<![\\w.*@/-])([A-Z]\\w*[a-z]\\w*)(?:\\.(\\w+))?");

    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|IT|Properties))`");
    private static final Pattern PACKAGE = Pattern.compile("(?:rpc|worker|harness|conformance|ops|gpu)(?:\\.[a-z]+)*");
    private static final Pattern DECLARED = Pattern.compile("\\b(?:class|record|interface|enum) ([A-Z]\\w*)");

    /** Of the JDK, and the placeholder of the recipe for an op. */
    private static final Set<String> NOT_OURS = Set.of("Callable", "Integer", "Operation.YOURS");

    private static final Map<String, List<String>> SOURCES_BY_TYPE = new TreeMap<>();
    private static final Set<String> PACKAGES = new TreeSet<>();

    @BeforeAll
    static void readTheSources() throws IOException {
        try (Stream<Path> files = Files.walk(Programs.root())) {
            List<Path> sources = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/"))
                    .toList();
            for (Path source : sources) {
                String text = Files.readString(source);
                DECLARED.matcher(text)
                        .results()
                        .map(found -> found.group(1))
                        .forEach(type -> SOURCES_BY_TYPE
                                .computeIfAbsent(type, _ -> new ArrayList<>())
                                .add(text));
                Matcher name = Pattern.compile("(?m)^package dev\\.neurontp\\.([\\w.]+);")
                        .matcher(text);
                if (name.find()) {
                    PACKAGES.add(name.group(1));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"docs/architecture.md", "CONTRIBUTING.md"})
    void everythingThatIsNamedExists(String page) throws IOException {
        List<String> spans = CODE_SPAN
                .matcher(Files.readString(Programs.root().resolve(page)))
                .results()
                .map(span -> span.group(1))
                .toList();
        assertThat(spans).hasSizeGreaterThan(30);
        Set<String> missing = new TreeSet<>();
        for (String span : spans) {
            if (span.contains("/src/") && !span.contains("<") && !span.contains(" ")) {
                requireFile(span, missing);
            } else if (PACKAGE.matcher(span).matches() && !span.endsWith(".aot")) {
                requirePackage(span, missing);
            } else {
                TYPE.matcher(span).results().forEach(type -> requireType(type, missing));
            }
        }
        assertThat(missing).as("what %s names and nothing is called", page).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"docs/security.md, 20", "docs/operating.md, 20", "docs/attacks.md, 3"})
    void everyTestThatIsNamedExists(String page, int least) throws IOException {
        List<String> tests = TEST.matcher(Files.readString(Programs.root().resolve(page)))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(tests).hasSizeGreaterThan(least);
        assertThat(SOURCES_BY_TYPE.keySet()).as("tests that %s names", page).containsAll(tests);
    }

    private static void requireFile(String path, Collection<String> missing) {
        if (!Files.exists(Programs.root().resolve(path))) {
            missing.add(path);
        }
    }

    private static void requirePackage(String name, Collection<String> missing) {
        if (!PACKAGES.contains(name)) {
            missing.add(name);
        }
    }

    private static void requireType(MatchResult named, Collection<String> missing) {
        String type = named.group(1);
        String member = named.group(2);
        List<String> sources = SOURCES_BY_TYPE.getOrDefault(type, List.of());
        String word = member == null || member.equals("java") ? type : member;
        Pattern whole = Pattern.compile("\\b" + word + "\\b");
        boolean known = sources.stream().anyMatch(text -> whole.matcher(text).find());
        if (!known && !NOT_OURS.contains(named.group())) {
            missing.add(named.group());
        }
    }
}
