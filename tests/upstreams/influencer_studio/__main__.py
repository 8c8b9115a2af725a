from tests.upstreams.common import main
from tests.upstreams.influencer_studio import InfluencerStudio

main(InfluencerStudio())
