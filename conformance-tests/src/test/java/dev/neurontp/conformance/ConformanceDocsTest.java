package dev.neurontp.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.catalogue.Catalogue;
import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.contract.Contract;
import dev.neurontp.conformance.contract.Rule;
import dev.neurontp.conformance.contract.Stage;
import dev.neurontp.conformance.mutant.BenignTable;
import dev.neurontp.conformance.mutant.BenignTable.Benign;
import dev.neurontp.conformance.mutant.MutantTable;
import dev.neurontp.conformance.mutant.SoakMutants;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Keeps the tables of docs/conformance.md as the code is. To write them again: {@code ./mvnw test -pl
 * conformance-tests -am -Dtest=ConformanceDocsTest -Ddocs.write=true}.
 */
final class ConformanceDocsTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "conformance.md");

    @Test
    void theTableOfRulesIsThatOfTheCatalogue() throws IOException {
        holds("rules", rules());
    }

    @Test
    void theTableOfMutantsIsThatOfTheTests() throws IOException {
        holds("mutants", mutants());
    }

    @Test
    void theTableOfBenignVariantsIsThatOfTheTests() throws IOException {
        holds("benign", benign());
    }

    @Test
    void everyFaultOfTheTestWorkerStandsInATable() throws IOException {
        assertThat(inTables()).containsExactlyInAnyOrderElementsOf(inSource());
    }

    /** The faults that the C source asks for: counted apart from the tables, so that one that no table runs is noticed. */
    private static Set<String> inSource() throws IOException {
        Set<String> faults = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("src", "test", "c"), "*.c")) {
            for (Path file : files) {
                Pattern.compile("HAS(_HERE)?\\(\"([^\"]+)\"\\)")
                        .matcher(Files.readString(file))
                        .results()
                        .forEach(found -> {
                            faults.add(found.group(2));
                            if (found.group(1) != null) {
                                faults.add(found.group(2) + "-when-joined");
                            }
                        });
            }
        }
        return faults;
    }

    private static Stream<MutantTable.Mutant> allMutants() {
        return Stream.of(MutantTable.MUTANTS, SoakMutants.GROWING, SoakMutants.FORGETFUL, SoakMutants.TALKATIVE)
                .flatMap(List::stream);
    }

    private static Set<String> inTables() {
        return Stream.concat(
                        allMutants().map(MutantTable.Mutant::fault),
                        BenignTable.ALONE.stream()
                                .flatMap(alone -> alone.variants().stream())
                                .map(Benign::fault))
                .filter(fault -> !fault.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void holds(String name, String table) throws IOException {
        String begin = "<!-- table: " + name + " -->\n";
        String end = "<!-- end of table -->";
        String text = Files.readString(DOCUMENT);
        int from = text.indexOf(begin) + begin.length();
        int to = text.indexOf(end, from);
        assertThat(from).as("%s in %s", begin, DOCUMENT).isGreaterThan(begin.length());
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(DOCUMENT, text.substring(0, from) + table + text.substring(to));
            return;
        }
        assertThat(text.substring(from, to))
                .as("the table '%s' of %s; this class says how to write it again", name, DOCUMENT)
                .isEqualTo(table);
    }

    private static String rules() {
        Contract contract = Contract.load();
        StringBuilder table = new StringBuilder("| rule | level | stages | what | checks |\n|---|---|---|---|---|\n");
        for (Rule rule : contract.rules()) {
            String stages = rule.stages().size() == Stage.values().length
                    ? "all"
                    : Arrays.stream(Stage.values())
                            .filter(rule.stages()::contains)
                            .map(Stage::id)
                            .collect(Collectors.joining(", "));
            String checks = Catalogue.checks(contract).stream()
                    .filter(check -> check.rule().equals(rule.id()))
                    .map(ConformanceDocsTest::check)
                    .collect(Collectors.joining("; "));
            table.append("| ")
                    .append(rule.id())
                    .append(" | ")
                    .append(rule.level())
                    .append(" | ")
                    .append(stages);
            table.append(" | ").append(rule.title()).append(" | ");
            table.append(rule.isJudged() ? checks : "not judged from outside").append(" |\n");
        }
        return table.toString();
    }

    private static String check(Check check) {
        String name = check.id().substring(check.id().indexOf('.') + 1);
        return "`" + name + "` " + check.title() + (check instanceof Check.Property ? " (random)" : "");
    }

    private static String mutants() throws IOException {
        StringBuilder table = new StringBuilder("| rule | mutant | what it does | stage |\n|---|---|---|---|\n");
        allMutants()
                .forEach(mutant -> table.append("| ")
                        .append(mutant.rule())
                        .append(" | `")
                        .append(mutant.fault())
                        .append("` | ")
                        .append(mutant.what())
                        .append(" | ")
                        .append(mutant.stage())
                        .append(" |\n"));
        return table + "\n" + allMutants().count() + " mutants. The worker's source names "
                + inSource().size() + " faults; the mutants and the variants below run "
                + inTables().size() + " of them.\n";
    }

    private static String benign() {
        StringBuilder table = new StringBuilder("| variant | what it does | stage | warns |\n|---|---|---|---|\n");
        for (BenignTable.Combination alone : BenignTable.ALONE) {
            Benign benign = alone.variants().getFirst();
            table.append("| `").append(benign).append("` | ").append(benign.what());
            table.append(" | ")
                    .append(benign.stage())
                    .append(" | ")
                    .append(benign.warns())
                    .append(" |\n");
        }
        return table + "\n" + BenignTable.ALONE.size() + " variants.\n";
    }
}
