package org.isofleet.worker.pack;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The class of a sample in a tar file. */
final class TarLabel {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TarLabel() {}

    /**
     * The label, 0 to 32766.
     *
     * @param cls a number as text
     * @param json an object with a number {@code label} or {@code cls}
     */
    static int of(byte @Nullable [] cls, byte @Nullable [] json) throws DamagedImageException {
        if (cls != null) {
            String text = new String(cls, UTF_8).strip();
            if (!text.matches("\\d{1,5}")) {
                throw new DamagedImageException("has a .cls that is no number from 0 to " + (Short.MAX_VALUE - 1));
            }
            return checked(Integer.parseInt(text));
        }
        if (json != null) {
            try {
                JsonNode object = JSON.readTree(json);
                for (String field : new String[] {"label", "cls"}) {
                    JsonNode label = object.path(field);
                    if (label.isIntegralNumber() && label.canConvertToInt()) {
                        return checked(label.intValue());
                    }
                }
            } catch (IOException e) {
                throw new DamagedImageException("has a .json that is damaged", e);
            }
        }
        throw new DamagedImageException("has no class: neither .cls nor a number label in .json");
    }

    private static int checked(int label) throws DamagedImageException {
        if (label < 0 || label >= Short.MAX_VALUE) {
            throw new DamagedImageException("has the class " + label + ", outside 0 to " + (Short.MAX_VALUE - 1));
        }
        return label;
    }
}
