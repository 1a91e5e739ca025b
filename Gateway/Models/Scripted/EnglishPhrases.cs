namespace Gateway.Models.Scripted;

/// <summary>English. The sentences fit a topic that is a question, a claim or a plan alike. Long because a language is.</summary>
internal static class EnglishPhrases
{
    public static readonly ScriptedLanguage Language = new()
    {
        NoTopic = "the matter before us",
        Quoted = topic => $"“{topic}”",
        Space = " ",
        Measure = text => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length,
        Shortest = 124,
        Spread = 28,
        LongestQuote = 130,
        Remarks =
        [
            "A participant put it this way: “{remark}” — that is a fair point, and it narrows what I would claim.",
            "I have heard the remark “{remark}”, and what follows tries to take it seriously.",
        ],
        Phrases = new Dictionary<Stance, ScriptedPhrases>
        {
            [Stance.For] = new()
            {
                Openings =
                [
                    "On {topic} I speak in favour, because the value at stake is larger than the effort it asks for.",
                    "On {topic} I take the side that says yes, and I would rather do so with reasons than with enthusiasm.",
                    "Let me make the affirmative case on {topic}: there is something real to gain here, and waiting has a price.",
                    "My answer to {topic} is a considered yes, and I will say what it rests on.",
                ],
                Points =
                [
                    "Look at who benefits: the people with the least time and money to find another way gain the most.",
                    "The gain also compounds, since every month in which it works makes the next improvement cheaper and easier to agree on.",
                    "Doing nothing is a choice as well, and its costs are merely harder to see because nobody signs for them.",
                    "We can begin small, measure honestly, and widen the step only where the numbers and the people affected support it.",
                    "Comparable changes drew the same objections at first, and most of those objections faded once there was experience to look at.",
                    "It creates a shared reference point, so that later disputes turn on evidence and not on who speaks loudest.",
                    "The skills and habits we build along the way stay useful even if the original plan has to change.",
                    "I grant that there are risks, yet they are of the kind that attention, clear ownership and a way back can contain.",
                    "And there is a question of fairness: holding back what already works elsewhere keeps an advantage with those who have it.",
                ],
                Closings =
                [
                    "So I ask us to go ahead with {topic}, in steps that we can watch and correct.",
                    "The burden, I think, is now on those who would wait: what would they need to see before they act?",
                    "For these reasons I stand by a yes on {topic}, with open eyes and an honest review after the first stage.",
                ],
                Replies =
                [
                    "{other} objects that “{quote}”; I take this as a condition for doing it well, not as a reason to stop.",
                    "To {other}, who says “{quote}”, I would answer that the same worry applies to leaving things as they are.",
                ],
                Thoughts =
                [
                    "I should start from who gains, and only then talk about the means.",
                    "The strongest objection will be about risk, so I need to name it before the other side does.",
                    "A step-by-step proposal will be easier to accept than a promise.",
                ],
            },
            [Stance.Against] = new()
            {
                Openings =
                [
                    "On {topic} I speak against, not because the aim is wrong but because the risks are being priced at zero.",
                    "My task is to test {topic}, and what I find are assumptions that nobody has yet been asked to prove.",
                    "Before anyone agrees to {topic}, someone should say plainly what can go wrong; let me do that.",
                    "I advise caution on {topic}: the promised benefits are general, while the costs would be quite specific.",
                ],
                Points =
                [
                    "One risk is concentration: when a single point fails, everyone who came to depend on it fails at the same time.",
                    "The estimates I have seen describe the good case, and none of them says what happens in the bad third of outcomes.",
                    "Those who decide are not those who carry the consequences, and that gap tends to make hopeful plans look safe.",
                    "Reversing course later is rarely as cheap as it sounds, because habits, contracts and expectations will have grown around it.",
                    "There is also the matter of measurement: without a baseline taken beforehand, any result can be told as a success.",
                    "A quieter cost is attention, since the same people would have to leave other work that is already known to matter.",
                    "Early supporters are usually the most capable users, so their experience says little about what the average case will look like.",
                    "Some harm would arrive slowly and out of sight, which means that no one will be clearly responsible for stopping it.",
                    "I do accept that standing still has costs, but they are known and bounded, and these are neither.",
                ],
                Closings =
                [
                    "Until these gaps are closed I cannot support {topic}; a limited trial with an agreed stopping rule is the most I would sign.",
                    "My conclusion is not never but not yet: show the downside, name an owner for it, and then ask again.",
                    "If we proceed with {topic} regardless, let it be with a written limit on what we are prepared to lose.",
                ],
                Replies =
                [
                    "{other} says “{quote}”, and I hear the hope in it, but a hope is not yet a control.",
                    "When {other} argues that “{quote}”, the cost of being wrong is left out of the account.",
                ],
                Thoughts =
                [
                    "I should separate the risks that can be undone from those that cannot.",
                    "The weak spot is likely to be evidence: what was measured, by whom, and compared with what?",
                    "A flat refusal will not persuade anyone, so I should say what would change my mind.",
                ],
            },
            [Stance.Judge] = new()
            {
                Openings =
                [
                    "I have weighed what was said on {topic}, and both sides deserve a fair summary before a judgment.",
                    "The question before this council is {topic}, and the disagreement is narrower than it first appears.",
                    "Having heard the arguments on {topic}, I will say what I find proven, what I do not, and what follows.",
                ],
                Points =
                [
                    "The case in favour is strongest where it speaks of concrete people and of the cost of waiting.",
                    "The case against is strongest where it asks who carries the loss if the hopeful estimate turns out wrong.",
                    "Neither side has shown figures that would settle the matter, so I give more weight to what can be corrected later.",
                    "Both agree, without quite saying so, that the decision should be revisited once there is experience to judge by.",
                    "I am not persuaded that delay is free, nor that good intentions are a sufficient safeguard.",
                    "A decision that can be reversed needs less certainty than one that cannot, and most of this one can be.",
                    "What remains in dispute is pace rather than direction, and pace is something conditions can govern.",
                ],
                Closings =
                [
                    "My ruling on {topic}: proceed in a limited first stage, with a named owner, a stated stopping rule and a public review.",
                    "I therefore decide for a cautious yes on {topic}, which lapses unless the promised measurements are on the table at the review.",
                    "On balance I find for going ahead with {topic}, narrowly, and only under the conditions that the opposing side has rightly asked for.",
                ],
                Replies =
                [
                    "{other} told us that “{quote}”, and I count that as a serious consideration.",
                    "I also note the words of {other}, “{quote}”, which have to be set against it.",
                ],
                Thoughts =
                [
                    "I should first state each position so that its own side would recognise it.",
                    "What matters is whether the step can be undone, more than who was more eloquent.",
                    "The decision needs conditions that someone can actually check.",
                ],
            },
            [Stance.Write] = new()
            {
                Openings =
                [
                    "Here is a text on {topic}, written so that someone new to it can follow.",
                    "The following puts {topic} into plain words, with the most important thing first.",
                    "This version of {topic} says what is known, why it matters and what is asked of the reader.",
                ],
                Points =
                [
                    "The short version is this: there is a need, there is a workable way to meet it, and there are limits to respect.",
                    "What has changed recently is that the pieces are available and affordable, so the question has moved from whether to how.",
                    "Readers who are short of time should know that the first step is small and commits nobody to the second.",
                    "For those directly concerned, daily routines change a little at the start and become simpler after a few weeks.",
                    "There are open points, and it is better to name them: responsibility, money, and who is to be asked beforehand.",
                    "We suggest beginning with a single group that wants it, writing down what happens, and sharing the result openly.",
                    "Success would be visible in fewer questions, fewer delays, and people who can explain the idea to somebody else.",
                    "Should it turn out badly, the earlier arrangement stays in place and can be taken up again without loss.",
                ],
                Closings =
                [
                    "Comments on this text about {topic} are welcome, above all where something is unclear or promises too much.",
                    "That is what can be said about {topic} today; the next version will include what readers ask for.",
                ],
                Replies =
                [
                    "This takes up what {other} wrote, in particular “{quote}”.",
                    "Where {other} says “{quote}”, the text now says the same in fewer words and draws the conclusion.",
                ],
                Thoughts =
                [
                    "The reader does not know the background, so the first paragraph has to stand alone.",
                    "I should cut what sounds impressive and keep what somebody can act on.",
                    "If there is feedback, it comes before my own ideas.",
                ],
            },
            [Stance.Answer] = new()
            {
                Openings =
                [
                    "You ask about {topic}; the short answer is that it depends on a few things that can be checked.",
                    "A useful way to think about {topic} is to separate what is known from what is merely likely.",
                    "On {topic} there is a simple answer and a careful one, and the careful one is not much longer.",
                ],
                Points =
                [
                    "Start with the purpose: once it is clear what should be better afterwards, most of the alternatives sort themselves out.",
                    "Then look at the constraints, because time, money and the people involved usually rule out more than taste does.",
                    "The common mistake is to compare an ideal version of one option with the everyday version of another.",
                    "Where experience exists, it points to small steps with early feedback, which fail more cheaply and teach more.",
                    "Where it does not, a short trial is worth more than a long discussion, provided someone writes down the result.",
                    "Keep in mind that the effects differ from person to person, so an average can hide what matters to you.",
                    "It also helps to decide beforehand what would change your mind, since afterwards every result looks like a confirmation.",
                    "If two options still look equally good, prefer the one that is easier to undo.",
                ],
                Closings =
                [
                    "In short, for {topic}: be clear about the aim, try the smallest step that could work, and look honestly at what it shows.",
                    "That is how I would approach {topic}; with more detail about your situation the answer could be more definite.",
                ],
                Replies =
                [
                    "{other} has already said “{quote}”, and I would build on that.",
                    "As {other} put it, “{quote}”; that fits what follows.",
                ],
                Thoughts =
                [
                    "The question leaves the situation open, so I should give a method and not only a verdict.",
                    "I should say what the answer depends on before giving one.",
                    "A short answer first, then the reasons.",
                ],
            },
        },
    };
}
