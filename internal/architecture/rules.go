package architecture

// module is the path that our own imports begin with.
const module = "github.com/machineid/terraform-provider-machineid"

// In a folder's path, wing stands for the name of a system. In a permission it stands for the
// same system, and anyWing for each of them.
const (
	wing    = "<wing>"
	anyWing = "<any>"
)

// Libraries by what they are for. A name covers the packages below it.
var (
	framework = []string{
		"github.com/hashicorp/terraform-plugin-framework",
		"github.com/hashicorp/terraform-plugin-framework-validators",
	}
	protocol = []string{
		"github.com/hashicorp/terraform-plugin-go",
		"github.com/hashicorp/terraform-json",
		"github.com/zclconf/go-cty",
	}
	driving = []string{
		"github.com/hashicorp/terraform-plugin-testing",
		"github.com/hashicorp/terraform-exec",
		"github.com/hashicorp/go-version",
	}
	attaching = []string{"github.com/hashicorp/go-plugin", "github.com/hashicorp/go-hclog"}
	logging   = []string{"github.com/hashicorp/terraform-plugin-log"}
	tokens    = []string{"github.com/golang-jwt/jwt/v5", "golang.org/x/oauth2"}
	ids       = []string{"github.com/google/uuid"}
	pacing    = []string{"golang.org/x/time", "golang.org/x/sync"}
	transport = []string{"github.com/hashicorp/go-retryablehttp", "github.com/hashicorp/go-cleanhttp"}
	comparing = []string{"github.com/google/go-cmp"}
	sealing   = []string{"filippo.io/age", "github.com/ProtonMail/go-crypto"}
	pipelines = []string{"go.yaml.in/yaml/v3"}
)

// room is one folder's row: what it may import of ours and of others. Everything else is
// forbidden, the standard library excepted.
type room struct {
	folder    string
	ours      []string
	libraries []string
	notStd    []string // of the standard library, outside tests

	// What its tests may import besides. The folder itself is always among it.
	testOurs      []string
	testLibraries []string
}

// rooms is the import table. A new folder needs a row here, and so a decision.
var rooms = []room{
	{
		folder: ".",
		ours:   []string{"internal/provider", "internal/serve"},
	},
	{
		folder:    "internal/serve",
		libraries: join(framework, protocol),
	},
	{
		folder:        "internal/provider",
		ours:          []string{"internal/service", "internal/service/" + anyWing},
		libraries:     framework,
		testOurs:      []string{"internal/acctest", "internal/campaign", "internal/sandbox", "internal/seal/sealtest"},
		testLibraries: join(protocol, driving, logging, pipelines),
	},
	{
		folder:    "internal/service",
		ours:      []string{"internal/outcome", "internal/rest"},
		libraries: framework,
	},
	{
		folder: "internal/service/" + wing,
		ours: []string{
			"internal/service",
			"internal/credential",
			"internal/listing",
			"internal/outcome",
			"internal/service/" + wing + "/" + wing + "api",
		},
		libraries: framework,
		notStd:    []string{"net/http"},
		testOurs: []string{
			"internal/acctest",
			"internal/seal/sealtest",
			"internal/sandbox",
			"internal/service/" + wing + "/" + wing + "test",
		},
		testLibraries: join(protocol, driving),
	},
	{
		folder:    "internal/service/" + wing + "/" + wing + "api",
		ours:      []string{"internal/rest", "internal/snapshot"},
		libraries: join(tokens, ids),
		testOurs: []string{
			"internal/rest/resttest",
			"internal/sandbox/stage",
			"internal/service/" + wing + "/" + wing + "test",
		},
	},
	{
		folder:    "internal/service/" + wing + "/" + wing + "test",
		ours:      []string{"internal/sandbox/stage"},
		libraries: join(ids, []string{"github.com/golang-jwt/jwt/v5"}),
		testOurs:  []string{"internal/sandbox/stage/stagetest"},
	},
	{
		folder:        "internal/credential",
		ours:          []string{"internal/service", "internal/outcome", "internal/seal"},
		libraries:     framework,
		testLibraries: join(protocol, sealing),
	},
	{folder: "internal/seal", libraries: sealing, testOurs: []string{"internal/seal/sealtest"}},
	{folder: "internal/seal/sealtest", libraries: sealing},
	{
		folder:    "internal/listing",
		ours:      []string{"internal/credential"},
		libraries: join(framework, protocol),
	},
	{
		folder:    "internal/outcome",
		ours:      []string{"internal/rest"},
		libraries: pacing,
	},
	{
		folder:    "internal/rest",
		libraries: join(logging, ids, pacing, transport, tokens),
	},
	{
		folder: "internal/snapshot",
	},
	{
		folder: "internal/rest/resttest",
		ours:   []string{"internal/rest"},
	},
	{
		folder: "internal/sandbox",
		ours: []string{
			"internal/sandbox/stage",
			"internal/service/" + anyWing + "/" + anyWing + "test",
		},
	},
	{
		folder:    "internal/sandbox/stage",
		libraries: join(ids, []string{"github.com/golang-jwt/jwt/v5"}),
	},
	{
		folder: "internal/sandbox/stage/stagetest",
		ours:   []string{"internal/sandbox/stage"},
	},
	{
		folder:    "internal/acctest",
		ours:      []string{"internal/provider", "internal/sandbox", "internal/serve"},
		libraries: join(framework, protocol, driving, attaching, logging),
	},
	{
		folder:    "internal/campaign",
		ours:      []string{"internal/acctest"},
		libraries: join(protocol, []string{"github.com/golang-jwt/jwt/v5"}),
	},
	{
		folder: "internal/cmd/sandbox",
		ours:   []string{"internal/sandbox", "internal/sandbox/stage"},
	},
	{
		folder:    "internal/cmd/schema",
		ours:      []string{"internal/provider"},
		libraries: join(framework, protocol),
	},
	{folder: "internal/cmd/demo"},
	{
		folder: "internal/cmd/bench",
		ours:   []string{"internal/sandbox"},
	},
	{
		folder:    "internal/cmd/floor",
		ours:      []string{"internal/provider", "internal/serve"},
		libraries: join(framework, protocol),
	},
	{folder: "internal/architecture"},
}

func join(lists ...[]string) []string {
	var all []string
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}
