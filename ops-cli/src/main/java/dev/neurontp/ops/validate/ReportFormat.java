package dev.neurontp.ops.validate;

import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.worker.collective.ReduceOp;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code -o}, which is an operator in nccl-tests. */
final class ReportFormat implements ITypeConverter<OutputOptions.Format> {
    private final OutputOptions.FormatText usual = new OutputOptions.FormatText();

    @Override
    public OutputOptions.Format convert(String value) {
        try {
            return usual.convert(value);
        } catch (TypeConversionException e) {
            boolean operator = ReduceOp.find(value).isPresent() || value.equals("all");
            String hint = operator ? ". The operator, nccl-tests' -o, is --op here" : "";
            throw new TypeConversionException(e.getMessage() + hint);
        }
    }
}
