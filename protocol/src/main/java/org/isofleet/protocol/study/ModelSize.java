package org.isofleet.protocol.study;

import static org.isofleet.protocol.study.Requirement.require;

/**
 * A size of the model family, without what the images decide.
 *
 * @param layers decoder blocks
 * @param width features of the residual stream
 * @param heads attention heads; {@code width / heads} is even
 */
public record ModelSize(int layers, int width, int heads) {
    public ModelSize {
        require(layers >= 1, "a model size needs at least 1 layer, not %d", layers);
        require(
                heads >= 1 && width >= 2 && width % heads == 0 && width / heads % 2 == 0,
                "width %d must split into %d heads of an even number of features",
                width,
                heads);
    }

    /** The shape of this size for images of a selection at one of its resolutions. */
    public ModelShape shape(ImageSelection images, int resolution) {
        return ModelShape.of(resolution, images.channels(), images.levels(), layers, width, heads);
    }

    /** As a person writes it: {@code 2x32x2}, layers by width by heads. */
    @Override
    public String toString() {
        return layers + "x" + width + "x" + heads;
    }
}
